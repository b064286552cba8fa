namespace Thoth.Enforcer.Api;

/// <summary>Names a decision on record. It is not signed: this server's word is as good as the way to it.</summary>
/// <param name="ReceiptId">The receipt's id.</param>
/// <param name="DecisionId">The decision's id.</param>
/// <param name="SchemaVersion">The version of this shape.</param>
internal sealed record Receipt(string ReceiptId, string DecisionId, string SchemaVersion = "1");
