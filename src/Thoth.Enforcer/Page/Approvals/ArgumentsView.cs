using System.Text.Json;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Page.Text;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Renders arguments as indented JSON. Values with sensitive names are masked until a person asks for them.</summary>
internal sealed class ArgumentsView
{
    private const int MaxCharacters = 2_000;
    private const int MaxLines = 40;
    private const int MaxIndent = 10;

    private static readonly Html s_indent = Html.Of($"  ");

    private readonly List<Html> _parts = [];
    private readonly string _name;
    private readonly CardNotes _notes;
    private int _characters = MaxCharacters;
    private int _lines = MaxLines;
    private bool _isCut;

    private ArgumentsView(string name, CardNotes notes) => (_name, _notes) = (name, notes);

    /// <param name="json">The arguments.</param>
    /// <param name="label">The label for screen readers.</param>
    /// <param name="name">The name of the arguments in warnings.</param>
    /// <param name="notes">Takes notes of what is left out, masked or misleading.</param>
    public static Html Show(string json, string label, string name, CardNotes notes)
    {
        var view = new ArgumentsView(name, notes);
        view.Write(JsonElement.Parse(json), 0);
        if (view._isCut)
        {
            notes.AddCut();
            view._parts.Add(Html.Of($"\n{CardNotes.Cut(json.Length)}"));
        }

        return Html.Of($"""<pre class="json" role="region" aria-label="{label}">{view._parts}</pre>""");
    }

    private void Write(JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(value, depth);
                break;
            case JsonValueKind.Array:
                WriteItems(value, depth);
                break;
            case JsonValueKind.String:
                Add(Quoted(value.GetString()!));
                break;
            default:
                Add(value.GetRawText());
                break;
        }
    }

    private void WriteMembers(JsonElement value, int depth)
    {
        _parts.Add(Html.Of($"{{"));
        var any = false;
        foreach (var member in value.EnumerateObject())
        {
            if (!NewLine(depth + 1, any))
            {
                return;
            }

            any = true;
            _parts.Add(Html.Of($"""<span class="key">"""));
            Add(Quoted(member.Name));
            _parts.Add(Html.Of($"</span>: "));
            if (SensitiveNames.Include(member.Name) && member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                WriteSensitive(member.Value);
            }
            else
            {
                Write(member.Value, depth + 1);
            }
        }

        Close(any, depth, Html.Of($"}}"));
    }

    private void WriteItems(JsonElement value, int depth)
    {
        _parts.Add(Html.Of($"["));
        var any = false;
        foreach (var item in value.EnumerateArray())
        {
            if (!NewLine(depth + 1, any))
            {
                return;
            }

            any = true;
            Write(item, depth + 1);
        }

        Close(any, depth, Html.Of($"]"));
    }

    private void WriteSensitive(JsonElement value)
    {
        if (_isCut)
        {
            return;
        }

        _notes.AddSensitive();
        if (_notes.Reveals)
        {
            _parts.Add(Html.Of($"""<span class="revealed">"""));
            Write(value, 0);
            _parts.Add(Html.Of($"</span>"));
            return;
        }

        var length = value.ValueKind == JsonValueKind.String ? value.GetString()!.Length : value.GetRawText().Length;
        _parts.Add(Html.Of($"""<span class="masked" title="Masked, because its name says that it is sensitive">•••••• masked, {length} characters</span>"""));
    }

    private void Close(bool any, int depth, Html end)
    {
        if (!_isCut && (!any || NewLine(depth, hasComma: false)))
        {
            _parts.Add(end);
        }
    }

    /// <returns>Whether there is space for a line.</returns>
    private bool NewLine(int depth, bool hasComma)
    {
        _isCut |= !_notes.IsFull && --_lines <= 0;
        if (!_isCut)
        {
            _parts.Add(hasComma ? Html.Of($",\n") : Html.Of($"\n"));
            _parts.AddRange(Enumerable.Repeat(s_indent, Math.Min(depth, MaxIndent)));
        }

        return !_isCut;
    }

    private void Add(string text)
    {
        if (_isCut)
        {
            return;
        }

        var (shown, length) = _notes.IsFull ? (text, 0) : OutsideText.Cut(text, _characters);
        _characters -= length;
        _isCut = shown.Length < text.Length;
        _notes.Inspect(_name, shown);
        _parts.Add(Html.Of($"{shown}"));
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
