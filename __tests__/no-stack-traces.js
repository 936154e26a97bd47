// In the place of cdktf/lib/tokens/private/stack-trace in tests: CDKTF notes with every value where it was made, for its
// error messages, and jest maps each line of that to the source. That was more than half of the time of a synthesis. The
// second is that of cdktn, its successor.
module.exports = { captureStackTrace: () => [], captureCreationStack: () => [] };
