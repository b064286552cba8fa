namespace Thoth.Enforcer.Diagnostics;

/// <summary>A request that the server refused. It contains no argument, key or token, and its texts are escaped.</summary>
/// <param name="At">When it came.</param>
/// <param name="Kind">Why it was refused.</param>
/// <param name="Endpoint">The endpoint, or the shortened path of a request without one.</param>
/// <param name="Message">The message of the response.</param>
/// <param name="Sender">The sender's address and user agent.</param>
internal sealed record RefusedRequest(DateTimeOffset At, RefusedKind Kind, string Endpoint, string Message, string Sender);
