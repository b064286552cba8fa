namespace Thoth.Enforcer.Holds;

/// <summary>A record that a person was shown the masked values of a held call.</summary>
internal sealed record RevealRow(string Who, DateTimeOffset At);
