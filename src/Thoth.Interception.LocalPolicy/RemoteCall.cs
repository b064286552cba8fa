namespace Thoth.Interception.LocalPolicy;

/// <summary>Represents a call that a server received over HTTP, for <see cref="PolicyEngine.Evaluate(RemoteCall)"/>.</summary>
/// <remarks>
/// The arguments of <see cref="Request"/> are those of the body. An SDK may have sent them by position (contract §1.2.1). They then
/// get the names that <c>tools_known</c> of the policy declares. Without a declaration, rules that name an argument cannot be evaluated.
/// </remarks>
public sealed class RemoteCall
{
    /// <summary>Creates a call.</summary>
    /// <param name="request">The request, with the arguments as the SDK sent them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    public RemoteCall(EnforcementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Request = request;
    }

    /// <summary>Gets the request.</summary>
    public EnforcementRequest Request { get; }

    /// <summary>
    /// Gets the SDK that sent the call. It tells which changes of the arguments the caller applies; a change that it would not
    /// apply blocks the call. Default: <see cref="CallingSdk.Unknown"/>.
    /// </summary>
    public CallingSdk Sdk { get; init; }

    /// <summary>
    /// Gets a function that returns how often the server has permitted each tool in the call's session. It is called only if the
    /// verdict depends on it. Default <see langword="null"/>: only the names in <see cref="EnforcementRequest.SessionToolCalls"/> count.
    /// </summary>
    public Func<IReadOnlyDictionary<string, long>>? PermittedCalls { get; init; }
}
