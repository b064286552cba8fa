namespace Thoth.Enforcer.Changes;

/// <summary>A short notice that something changed: what, whose, and the id to look it up by. It holds nothing worth hiding.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Id">A decision's id, a hold's, or a session's where events came in.</param>
internal readonly record struct Change(ChangeKind Kind, string Tenant, string Id);
