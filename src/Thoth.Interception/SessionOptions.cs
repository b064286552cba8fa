using System.ComponentModel.DataAnnotations;

namespace Thoth.Interception;

/// <summary>
/// Configures how long <see cref="IThothSessions.GetOrStart"/> keeps sessions. A session that was forgotten starts anew: its history
/// and its counts are empty. A session that is entered, or in which a call runs or waits, is never forgotten.
/// </summary>
public sealed class SessionOptions
{
    /// <summary>Gets or sets how long a session is kept after its last use: 1 second to 30 days, default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Gets or sets how many sessions are kept: 1 to 10,000,000, default 100,000. If there are more, the least recently used session
    /// of the same user is forgotten, else that of any user. Only sessions in use can exceed the number.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxSessions { get; set; } = 100_000;
}
