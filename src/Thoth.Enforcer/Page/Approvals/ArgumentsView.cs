using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Renders arguments as indented JSON. Sensitive values are masked, and characters that could disguise other text are escaped.</summary>
internal sealed class ArgumentsView
{
    private const int ListLimit = 4_000;

    private readonly List<Html> _parts = [];
    private int _remaining;

    private ArgumentsView(int limit) => _remaining = limit;

    /// <param name="json">The arguments.</param>
    /// <param name="label">The label for screen readers.</param>
    /// <param name="full">Whether to show all arguments; otherwise they are cut to fit a list.</param>
    /// <param name="isCut">Whether the arguments were cut.</param>
    public static Html Show(string json, string label, bool full, out bool isCut)
    {
        var view = new ArgumentsView(full ? int.MaxValue : ListLimit);
        view.Write(JsonElement.Parse(json), "\n");
        isCut = view._remaining < 0;
        return Html.Of($"""<pre class="json" tabindex="0" role="region" aria-label="{label}">{view._parts}</pre>""");
    }

    private void Write(JsonElement value, string newLine)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                WriteMembers(value, newLine);
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                WriteItems(value, newLine);
                break;
            case JsonValueKind.String:
                Add(Quoted(value.GetString()!));
                break;
            default:
                Add(value.GetRawText());
                break;
        }
    }

    private void WriteMembers(JsonElement value, string newLine)
    {
        var inner = newLine + "  ";
        var separator = "{";
        foreach (var member in value.EnumerateObject())
        {
            Add(separator + inner);
            separator = ",";
            if (_remaining < 0)
            {
                return;
            }

            _parts.Add(Html.Of($"""<span class="key">{Quoted(member.Name)}</span>: """));
            if (SensitiveNames.Include(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
            {
                _parts.Add(Html.Of($"""<span class="masked" title="Hidden, because its name says that it is sensitive">•••••• masked</span>"""));
            }
            else
            {
                Write(member.Value, inner);
            }
        }

        Add(newLine + "}");
    }

    private void WriteItems(JsonElement value, string newLine)
    {
        var inner = newLine + "  ";
        var separator = "[";
        foreach (var item in value.EnumerateArray())
        {
            Add(separator + inner);
            separator = ",";
            if (_remaining < 0)
            {
                return;
            }

            Write(item, inner);
        }

        Add(newLine + "]");
    }

    private void Add(string text)
    {
        if (_remaining < 0)
        {
            return;
        }

        _parts.Add(Html.Of($"{(text.Length <= _remaining ? text : text[.._remaining] + "…")}"));
        _remaining -= text.Length;
    }

    /// <summary>Quotes a text. Letters of all languages stay readable; invisible characters and those that reverse text are written as escapes.</summary>
    private static string Quoted(string text)
    {
        var quoted = $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
        return quoted.Any(IsInvisible) ? string.Concat(quoted.Select(static c => IsInvisible(c) ? $"\\u{(int)c:x4}" : c.ToString())) : quoted;
    }

    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
