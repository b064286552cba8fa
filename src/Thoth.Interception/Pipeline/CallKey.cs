using Thoth.Interception.Sessions;

namespace Thoth.Interception.Pipeline;

/// <summary>Holds the idempotency key of one call.</summary>
/// <param name="Text">The key.</param>
/// <param name="Series">The series in which the call is numbered; <see langword="null"/> if the key was made without a number.</param>
/// <param name="Equal">What equal calls of the series share.</param>
/// <param name="Number">The call's number among them.</param>
internal sealed record CallKey(string Text, CallSeries? Series = null, string Equal = "", int Number = 0);
