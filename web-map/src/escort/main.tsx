import '../pocket/pocket.css';
import './escort.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startWorker } from '../pocket/start-worker.ts';
import { EscortPage } from './escort-page.tsx';

startWorker('escort');
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <EscortPage />
    </StrictMode>,
  );
}
