import { UserError } from "../../values/user-error";

/**
 * What stands in a file of a report, before secrets are taken out of its texts. Of data those are gone already that its place
 * says are secret: only then all that is secret is known.
 */
export type Content =
  | { readonly text: string }
  | { readonly json: unknown }
  | { /** One document each. */ readonly yaml: readonly unknown[] };

/** A file of a report, or why there is none; the reason then stands in it. */
export type ReportFile =
  | { readonly name: string; readonly content: Content; readonly problem?: undefined }
  | { readonly name: string; readonly content?: undefined; readonly problem: string };

/** A part of a report: one file, or those of a folder. It only looks. */
export interface Part {
  /** "status.txt"; of a folder "logs/". */
  readonly name: string;
  /** Completes the list of what is inside. */
  readonly what: string;
  /** How long it may take. */
  readonly seconds: number;
  readonly gather: () => Promise<readonly ReportFile[]>;
}

/** A part with what came of it. */
export interface GatheredPart extends Pick<Part, "name" | "what"> {
  readonly files: readonly ReportFile[];
}

/** A part that is one file of text. */
export const textPart = (
  { name, ...part }: Pick<Part, "name" | "what" | "seconds">,
  text: () => string | Promise<string>,
): Part => ({ name, ...part, gather: async () => [{ name, content: { text: await text() } }] });

/** Gathers all parts side by side. One that fails, or is late, holds up none of the others. In their order. */
export function gatherParts(parts: readonly Part[], signal: AbortSignal): Promise<GatheredPart[]> {
  return Promise.all(
    parts.map(async ({ name, what, seconds, gather }) => ({
      name,
      what,
      files: await within(seconds, signal, gather).catch((error: unknown) => [
        // Of a folder there is then a file of its name.
        { name: name.replace(/\/$/, ".txt"), problem: reasonOf(error) },
      ]),
    })),
  );
}

/** @throws UserError where the work does not end in time, or is interrupted; its own error where it fails. */
export async function within<T>(seconds: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let interrupt = () => undefined as void;
  const late = new Promise<never>((_done, refuse) => {
    timer = setTimeout(() => refuse(new UserError(`it did not end within ${seconds} s`)), seconds * 1000);
    interrupt = () => refuse(new UserError("it was interrupted"));
    signal.addEventListener("abort", interrupt, { once: true });
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
  }
}

/** Of a mistake of this project the trace is what there is to read, and a report is where it is read. */
export function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return `a mistake of baremetal-lb: ${error instanceof Error ? error.stack : String(error)}`;
}
