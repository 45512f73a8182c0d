import { Component, type ReactNode } from 'react';

interface FaultBoundaryState {
  readonly fault: unknown;
}

/** What is left of the window when a part of it cannot be drawn: the reason, and a way to go on. */
export class FaultBoundary extends Component<{ readonly children: ReactNode }, FaultBoundaryState> {
  override state: FaultBoundaryState = { fault: undefined };

  static getDerivedStateFromError(fault: unknown): FaultBoundaryState {
    return { fault };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return (
      <main className="empty" role="alert">
        <h1>ModShark cannot draw this window.</h1>
        <p>{fault instanceof Error ? fault.message : String(fault)}</p>
        <button type="button" className="button button-primary" onClick={() => location.reload()}>
          Reload
        </button>
      </main>
    );
  }
}
