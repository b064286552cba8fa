namespace Thoth.Enforcer.Serialization;

/// <summary>Identifies a recorded decision. It is not signed: it is as trustworthy as the connection to the server.</summary>
/// <param name="ReceiptId">The receipt's id.</param>
/// <param name="DecisionId">The decision's id.</param>
/// <param name="SchemaVersion">The version of this shape.</param>
internal sealed record Receipt(string ReceiptId, string DecisionId, string SchemaVersion = "1");
