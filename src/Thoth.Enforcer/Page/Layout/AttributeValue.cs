namespace Thoth.Enforcer.Page.Layout;

/// <summary>The value of a form's field: it comes back to the server as it is, so it shows no marks.</summary>
internal readonly record struct AttributeValue(string? Text);
