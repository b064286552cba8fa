using System.ComponentModel.DataAnnotations;

namespace Thoth.Interception.AspNetCore;

/// <summary>Configures held calls as tickets. The options are validated when the host starts, or else when the first governed service is resolved.</summary>
public sealed class HeldCallTicketOptions
{
    /// <summary>
    /// Gets or sets whether the enforcer gives an approval to one resumption only: it binds the approval to the nonce that each
    /// <see cref="IThothHolds.Resume"/> draws, and a peek says that the approval was used, as <c>Thoth.Enforcer</c> does. Otherwise a
    /// distributed cache is required, in which used tickets are marked. Default: <see langword="false"/>.
    /// </summary>
    public bool EnforcerBindsApprovals { get; set; }

    /// <summary>
    /// Gets or sets the length of the longest ticket, in characters. A call that needs a longer one is refused with
    /// <see cref="SdkReasonCodes.HeldCallNotStored"/>. 1,024 to 16,384, default 4,096: what proxies and browsers accept in a URL or header.
    /// </summary>
    [Range(1_024, 16_384)]
    public int MaxLength { get; set; } = 4_096;

    /// <summary>
    /// Gets or sets how long an approved call waits after its ticket was marked as used, until it reads the mark again. The mark is safe
    /// if the cache is one that each machine sees at once; a machine that takes longer than this time to mark a ticket refuses the call.
    /// Not used with <see cref="EnforcerBindsApprovals"/>. 10 ms to 5 s, default 250 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan UseDelay { get; set; } = TimeSpan.FromMilliseconds(250);
}
