namespace Thoth.Enforcer.Page.Layout;

/// <summary>Markup that is safe to send. It consists of this program's text and of values that <see cref="HtmlBuilder"/> took.</summary>
internal sealed class Html
{
    public static readonly Html Nothing = new("");

    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Creates markup from an interpolated string: its text is markup, each value is shown as text.</summary>
    public static Html Of(HtmlBuilder markup) => new(markup.ToString());

    public override string ToString() => _markup;
}
