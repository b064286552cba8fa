namespace Thoth.Interception.Enforcement.Http;

/// <summary>The headers of polls whose caller does not wait, which extend the contract (§3.5).</summary>
internal static class HoldHeaders
{
    /// <summary>In a request: show the state and deliver nothing. In the response: nothing was delivered.</summary>
    public const string Peek = "X-Thoth-Hold-Peek";

    /// <summary>The caller does not wait and does not make the call again.</summary>
    public const string Withdraw = "X-Thoth-Hold-Withdraw";

    /// <summary>The nonce of the call that is made again.</summary>
    public const string Nonce = "X-Thoth-Hold-Nonce";

    public const string Yes = "true";
}
