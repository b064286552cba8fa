namespace Thoth.Enforcer.Changes;

/// <summary>A notice that something changed, with the id to look it up by. It contains nothing confidential.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Id">The id of the decision or hold, or of the session that events came in for.</param>
internal readonly record struct Change(ChangeKind Kind, string Tenant, string Id);
