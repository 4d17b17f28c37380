import './styles/index.css';
import { createRoot } from 'react-dom/client';
import type { Studio } from '../app/studio/types.ts';
import { App } from './App.tsx';
import { createWorkspace } from './workspace/workspace.ts';

/** Shows a studio in an element; the answer takes it away again. The studio itself stays the caller's. */
export function mountStudio(element: HTMLElement, studio: Studio): () => void {
  const workspace = createWorkspace(studio);
  const root = createRoot(element);
  root.render(<App studio={studio} workspace={workspace} />);
  return () => {
    root.unmount();
    workspace.dispose();
  };
}
