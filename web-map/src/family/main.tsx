import '../pocket/pocket.css';
import './family.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startWorker } from '../pocket/start-worker.ts';
import { FamilyPage } from './family-page.tsx';

startWorker('family');
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <FamilyPage />
    </StrictMode>,
  );
}
