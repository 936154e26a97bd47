import { pollResult } from "./core/poll";

test("counts requests and failures, and the longest time between two answers, whatever their order", () => {
  const output = "ok 100.0\nfailed 100.4\nok 101.5\nok 100.2\ngarbage\nfailed 101.0\nok 101.6\n";
  const { requests, failed, longestSilenceSeconds } = pollResult(output);
  expect({ requests, failed }).toEqual({ requests: 6, failed: 2 });
  expect(longestSilenceSeconds).toBeCloseTo(1.3);
});
