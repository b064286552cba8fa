using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// Configures the embedded enforcer: its policy and the calls that it holds. Exactly one of <see cref="Path"/> and
/// <see cref="Json"/> is required. The options are validated when the host starts, or else when the enforcer is first resolved.
/// </summary>
public sealed class LocalPolicyOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string SectionName = "Thoth:LocalPolicy";

    /// <summary>
    /// Gets or sets the policy file. A relative path is looked up in <see cref="AppContext.BaseDirectory"/> and, if the file is not
    /// there, in the current directory. A host in the Development environment looks in its content root first.
    /// Default <see langword="null"/>. A blank path counts as unset.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// Gets or sets the policy as JSON text, for tests and for policies that are not files. Default <see langword="null"/>. A
    /// blank text counts as unset.
    /// </summary>
    [StringSyntax(StringSyntaxAttribute.Json)]
    public string? Json { get; set; }

    /// <summary>
    /// Gets or sets a value that tells whether a change of the file takes effect while the process runs. It is seen within 5 seconds,
    /// with or without notifications of the file system. A version that cannot be loaded is refused and logged, and the previous
    /// one stays in force. Default <see langword="true"/>.
    /// </summary>
    public bool ReloadOnChange { get; set; } = true;

    /// <summary>
    /// Gets or sets how long the file must be unchanged before it is read again, so that a half-written file is not read. 0 to
    /// 1 minute, default 250 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ReloadDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Gets or sets how long a call is held if its rule has no <c>timeout_seconds</c>. No call is held for longer than
    /// <see cref="StepUpOptions.Timeout"/>. 1 second to 1 day, default 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan HoldLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Gets or sets how many calls may be held at the same time; a further one is blocked. 1 to 1,000,000, default 10,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxHolds { get; set; } = 10_000;

    /// <summary>
    /// Gets how long a hold stays open after its last caller stopped waiting. It must exceed the interval of a caller that polls, and
    /// be short enough that approvers do not get calls that have ended.
    /// </summary>
    internal static TimeSpan AbandonedHoldLifetime { get; } = TimeSpan.FromSeconds(30);
}
