import { FileUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import { openAny } from './open-from.ts';

/** A file may be dropped anywhere in the window; while one hovers, the window says so. */
export function DropAnywhere() {
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    // Entering a child comes before leaving its parent, so the two are counted against each other.
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const onEnter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setHovering(true);
    };
    const onLeave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setHovering(false);
    };
    const onOver = (event: DragEvent) => {
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = hasFiles(event) ? 'copy' : 'none';
    };
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      depth = 0;
      setHovering(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void openAny(file);
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  if (!hovering) return null;
  return (
    <div className="drop-overlay" aria-hidden>
      <p>
        <FileUp size={22} aria-hidden /> Drop to open
      </p>
    </div>
  );
}
