/** Ordered, reliable frames both ways. Protocol code never knows what carries them. */
export interface Transport {
  /** Sends one frame; after the end it is dropped. */
  send(frame: Uint8Array): void;
  /** Whoever listens first gets the frames that came before. */
  onFrame(listener: (frame: Uint8Array) => void): void;
  /** Called once, whichever side closed. */
  onClose(listener: () => void): void;
  close(): void;
}
