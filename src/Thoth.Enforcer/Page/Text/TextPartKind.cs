namespace Thoth.Enforcer.Page.Text;

/// <summary>How a part of a text is shown.</summary>
internal enum TextPartKind
{
    /// <summary>As it is.</summary>
    Text = 0,

    /// <summary>As it is, in an isolated run from right to left.</summary>
    RightToLeft,

    /// <summary>As a mark for something that is common in texts: a line end, many spaces.</summary>
    Mark,

    /// <summary>As a mark for something that hides, turns or imitates other text.</summary>
    Warning,
}
