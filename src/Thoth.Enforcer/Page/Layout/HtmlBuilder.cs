using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using Thoth.Enforcer.Page.Text;

namespace Thoth.Enforcer.Page.Layout;

/// <summary>
/// Handles the interpolated strings of <see cref="Html.Of"/>. Literal text is markup. Text in a hole goes through
/// <see cref="OutsideText"/>; a value of another type does not compile.
/// </summary>
[InterpolatedStringHandler]
internal sealed class HtmlBuilder(int literalLength, int formattedCount)
{
    private const string ValueAttribute = " value=\"";

    private readonly StringBuilder _markup = new(literalLength + (formattedCount * 16));
    private string _element = "";
    private string _literal = "";
    private bool _isInTag;

    /// <summary>Whether markup in this place would be shown as text.</summary>
    private bool IsTextOnly => _isInTag || _element is "title" or "option";

    public void AppendLiteral(string markup)
    {
        _markup.Append(markup);
        _literal = markup;
        for (var i = 0; i < markup.Length; i++)
        {
            if (markup[i] == '<')
            {
                var end = i + 1;
                while (end < markup.Length && (char.IsAsciiLetterOrDigit(markup[end]) || markup[end] == '/'))
                {
                    end++;
                }

                (_isInTag, _element) = (true, markup[(i + 1)..end]);
            }
            else if (markup[i] == '>')
            {
                _isInTag = false;
            }
        }
    }

    public void AppendFormatted(Html? markup) => _markup.Append(markup);

    public void AppendFormatted(IEnumerable<Html> parts) => _markup.AppendJoin("", parts);

    public void AppendFormatted(string? text)
    {
        if (IsTextOnly)
        {
            _markup.Append(HtmlEncoder.Default.Encode(OutsideText.Plain(text ?? "")));
        }
        else
        {
            OutsideText.Write(_markup, text ?? "");
        }
    }

    /// <exception cref="InvalidOperationException">The hole is not that of a value attribute.</exception>
    public void AppendFormatted(AttributeValue value)
    {
        if (!_isInTag || !_literal.EndsWith(ValueAttribute, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The value of a field stands in its value attribute only.");
        }

        _markup.Append(HtmlEncoder.Default.Encode(value.Text ?? ""));
    }

    public void AppendFormatted(long number) => _markup.Append(number.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(double number) => _markup.Append(number.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _markup.ToString();
}
