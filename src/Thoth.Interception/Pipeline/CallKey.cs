using Thoth.Interception.Sessions;

namespace Thoth.Interception.Pipeline;

/// <summary>Holds the idempotency key of one call.</summary>
/// <param name="Text">The key.</param>
/// <param name="Series">The series that the call is one of; <see langword="null"/> if the key belongs to none.</param>
/// <param name="Equal">What equal calls of the series share.</param>
/// <param name="Number">The call's number among them; <see langword="null"/> for the key of a held call, which keeps it.</param>
internal sealed record CallKey(string Text, CallSeries? Series = null, string Equal = "", int? Number = null);
