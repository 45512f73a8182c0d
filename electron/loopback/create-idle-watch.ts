/** Notices when nobody has been there for a while. */
export interface IdleWatch {
  enter(): void;
  leave(): void;
  end(): void;
}

/** Calls `onIdle` once nobody has been there for `ms`, counted from now or from when the last one left. */
export function createIdleWatch(ms: number, onIdle: () => void): IdleWatch {
  let present = 0;
  let timer = setTimeout(onIdle, ms);
  return {
    enter() {
      present += 1;
      clearTimeout(timer);
    },
    leave() {
      present -= 1;
      if (present === 0) timer = setTimeout(onIdle, ms);
    },
    end: () => clearTimeout(timer),
  };
}
