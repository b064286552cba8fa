using System.Security.Cryptography;
using System.Text;

namespace Thoth.Enforcer.Api;

/// <summary>The headers of a poll of a held call (contract §3.5).</summary>
/// <param name="IsPeek">Whether the poll delivers nothing.</param>
/// <param name="IsWithdrawal">Whether the caller neither waits nor makes the call again.</param>
/// <param name="NonceHash">The SHA-256 of the nonce of a call that is made again, if there is one.</param>
internal sealed record HoldPoll(bool IsPeek, bool IsWithdrawal, byte[]? NonceHash)
{
    public const string PeekHeader = "X-Thoth-Hold-Peek";
    public const string WithdrawHeader = "X-Thoth-Hold-Withdraw";
    public const string NonceHeader = "X-Thoth-Hold-Nonce";
    public const string Yes = "true";

    /// <summary>Gets whether the caller waits for the decision and polls again soon.</summary>
    public bool CallerWaits => !IsPeek && !IsWithdrawal && NonceHash is null;

    public static HoldPoll Of(HttpRequest request) => new(
        request.Headers[PeekHeader] == Yes,
        request.Headers[WithdrawHeader] == Yes,
        request.Headers[NonceHeader].ToString() is { Length: > 0 } nonce ? SHA256.HashData(Encoding.UTF8.GetBytes(nonce)) : null);
}
