namespace Thoth.Enforcer.Page.Text;

/// <summary>A part of a text as a page shows it.</summary>
/// <param name="Kind">How it is shown.</param>
/// <param name="Text">The characters, or the text inside a mark's brackets.</param>
/// <param name="Why">Why a mark stands here.</param>
internal readonly record struct TextPart(TextPartKind Kind, string Text, string Why = "");
