namespace AgentChat.Tools;

/// <param name="Number">The order's number.</param>
/// <param name="Customer">The customer's mail address.</param>
/// <param name="Article">The article.</param>
/// <param name="Paid">The paid amount.</param>
/// <param name="State">The state of the parcel.</param>
/// <param name="Note">The customer's own text.</param>
internal sealed record Order(string Number, string Customer, string Article, decimal Paid, string State, string Note = "");
