/** Says what goes on, one line at a time. Quiet for whoever does not want it, such as tests. */
export interface Progress {
  /** A line by itself. */
  note(text: string): void;
  /** Runs a step and says how long it took; `hint` announces one that takes minutes. */
  step<T>(title: string, work: () => Promise<T>, hint?: string): Promise<T>;
}

export const silent: Progress = { note: () => undefined, step: (_title, work) => work() };

export function printing(write: (line: string) => void = console.log): Progress {
  return {
    note: (text) => write(`  ${text}`),
    async step(title, work, hint) {
      if (hint !== undefined) write(`  … ${title} (${hint})`);
      const start = Date.now();
      try {
        const result = await work();
        write(`  ✓ ${title.padEnd(62)} ${seconds(start)}`);
        return result;
      } catch (error) {
        write(`  ✗ ${title.padEnd(62)} ${seconds(start)}`);
        throw error;
      }
    },
  };
}

function seconds(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s`;
}
