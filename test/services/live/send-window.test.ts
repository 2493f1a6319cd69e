import { describe, expect, it } from 'vitest';
import { SendWindow } from '../../../services/live/send-window.ts';

const limits = { smallestBytes: 100, largestBytes: 800, slowMs: 1_000, quickMs: 100 };

describe('what may be on its way to a viewer', () => {
  it('is bounded, and freed by what the viewer has taken, in order', () => {
    const window = new SendWindow(limits);
    const first = window.send(120, 0);
    expect(window.isFull).toBe(false);
    const second = window.send(120, 0);
    expect(window.isFull).toBe(true);
    expect(window.taken(second, 500)).toBe(true);
    expect(window.waitingBytes).toBe(0);
    expect(window.taken(first, 500)).toBe(false);
  });

  it('shrinks for whoever is slow, down to a smallest', () => {
    const window = new SendWindow(limits);
    for (let i = 0; i < 5; i++) window.taken(window.send(100, 0), 2_000);
    window.send(99, 0);
    expect(window.isFull).toBe(false);
    window.send(1, 0);
    expect(window.isFull).toBe(true);
  });

  it('grows for whoever is quick and was given all there was room for, up to a largest', () => {
    const window = new SendWindow(limits);
    for (let i = 0; i < 9; i++) window.taken(window.send(10, 0), 10);
    window.send(199, 0);
    expect(window.isFull).toBe(false);
    for (let i = 0; i < 9; i++) window.taken(window.send(900, 0), 10);
    window.send(799, 0);
    expect(window.isFull).toBe(false);
    window.send(1, 0);
    expect(window.isFull).toBe(true);
  });

  it('believes no number that was not sent', () => {
    const window = new SendWindow(limits);
    window.send(50, 0);
    expect(window.taken(Number.NaN, 1)).toBe(false);
    expect(window.taken(-1, 1)).toBe(false);
    expect(window.waitingBytes).toBe(50);
  });
});
