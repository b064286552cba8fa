using System.Globalization;
using System.Text;

namespace Thoth.Enforcer.Page.Text;

/// <summary>
/// Splits a text from outside into the parts that a page shows. What hides, turns or imitates other text becomes a mark, and many
/// equal characters become one: text that is moved out of sight by spaces stays in sight.
/// </summary>
internal sealed class TextScanner
{
    private const int MaxSpaces = 4;
    private const int MaxRepeats = 24;
    private const int MaxCombining = 2;
    private const int MaxWord = 256;
    private const int MaxNamed = 4;

    private readonly string _text;
    private readonly TextFacts _facts;
    private readonly List<TextPart> _parts = [];
    private readonly StringBuilder _run = new();
    private int _at;
    private int _shown;

    private TextScanner(string text) => (_text, _facts) = (text, TextFacts.Of(text));

    /// <summary>Splits a text until at least a number of characters would be shown.</summary>
    /// <returns>The parts, the characters that they show, and the characters of the text that they stand for.</returns>
    public static (IReadOnlyList<TextPart> Parts, int Shown, int Read) Scan(string text, int limit = int.MaxValue)
    {
        var scanner = new TextScanner(text);
        while (scanner._at < text.Length && scanner._shown < limit)
        {
            scanner.Next();
        }

        scanner.EndRun();
        return (scanner._parts, scanner._shown, scanner._at);
    }

    private void Next()
    {
        var glyph = Glyph.At(_text, _at);
        if (TryRepeats(glyph) || TryOdd(glyph))
        {
            return;
        }

        if (glyph.IsLetter || glyph.IsDigit)
        {
            Word();
        }
        else if (glyph.IsInWord)
        {
            Marked(TextPartKind.Warning, Run(static next => next.IsInWord && !next.IsLetter && !next.IsDigit), "a mark without a letter");
        }
        else
        {
            AddText(_text.AsSpan(_at, glyph.Length));
            _at += glyph.Length;
        }
    }

    /// <summary>Marks a run of equal characters, and spaces at the ends of the text, which would not be seen.</summary>
    private bool TryRepeats(Glyph glyph)
    {
        var count = 1;
        var end = _at + glyph.Length;
        while (end < _text.Length && _text.AsSpan(end).StartsWith(_text.AsSpan(_at, glyph.Length), StringComparison.Ordinal))
        {
            (count, end) = (count + 1, end + glyph.Length);
        }

        if (glyph.CodePoint == ' ' && (count > MaxSpaces || _at == 0 || end == _text.Length))
        {
            Mark(TextPartKind.Mark, count == 1 ? "space" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} spaces"), "spaces");
        }
        else if (count > MaxRepeats && OddCharacters.WhyMarked(glyph) is null && !glyph.IsCombining)
        {
            Mark(TextPartKind.Mark, string.Create(CultureInfo.InvariantCulture, $"{count:N0} × {_text.AsSpan(_at, glyph.Length)}"), "equal characters");
        }
        else
        {
            return false;
        }

        _at = end;
        return true;
    }

    private bool TryOdd(Glyph glyph)
    {
        if (OddCharacters.WhyMarked(glyph) is not { } why)
        {
            return false;
        }

        if (OddCharacters.CommonName(glyph.CodePoint) is { } name)
        {
            var same = Run(next => next.CodePoint == glyph.CodePoint);
            Mark(TextPartKind.Mark, same.Count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{same.Count:N0} × {name}"), why);
            return true;
        }

        Marked(TextPartKind.Warning, Run(next => OddCharacters.WhyMarked(next) == why && OddCharacters.CommonName(next.CodePoint) is null), why);
        return true;
    }

    private void Word()
    {
        var word = new List<Glyph>();
        for (var end = _at; end < _text.Length && word.Count < MaxWord; end += word[^1].Length)
        {
            var glyph = Glyph.At(_text, end);
            if (!glyph.IsInWord || OddCharacters.WhyMarked(glyph) is not null)
            {
                break;
            }

            word.Add(glyph);
        }

        var suspects = WordScripts.Suspects(word, _facts);
        var isRightToLeft = word[0].IsRightToLeft;
        for (var i = 0; i < word.Count;)
        {
            var count = 1;
            if (suspects[i] is { } script)
            {
                count = word.Skip(i).TakeWhile((_, offset) => suspects[i + offset] == script).Count();
                Mark(TextPartKind.Warning, $"{script.Name} {Take(word, i, count)}", "letters of another script than the text around them");
            }
            else if (word[i].IsDigit && word[i].CodePoint > 0x7F)
            {
                count = word.Skip(i).TakeWhile(static glyph => glyph.IsDigit && glyph.CodePoint > 0x7F).Count();
                var value = string.Concat(word.Skip(i).Take(count).Select(static glyph => (char)('0' + Rune.GetNumericValue(new Rune(glyph.CodePoint)))));
                Mark(TextPartKind.Warning, $"{Take(word, i, count)} = {value}", "digits of another script");
            }
            else if (i > 0 && word[i].IsSecondDot(word[i - 1]))
            {
                Take(word, i, count);
                Mark(TextPartKind.Warning, word[i].Name, "a dot on a letter that has one");
            }
            else if (word[i].IsCombining && (count = word.Skip(i).TakeWhile(static glyph => glyph.IsCombining).Count()) > MaxCombining)
            {
                Take(word, i, count);
                Mark(TextPartKind.Warning, string.Create(CultureInfo.InvariantCulture, $"{count:N0} combining marks"), "many marks on one letter");
            }
            else if (isRightToLeft)
            {
                AddRightToLeft(Take(word, i, count));
            }
            else
            {
                AddText(Take(word, i, count));
            }

            i += count;
        }
    }

    private string Take(List<Glyph> word, int from, int count)
    {
        var start = _at;
        for (var i = from; i < from + count; i++)
        {
            _at += word[i].Length;
        }

        return _text[start.._at];
    }

    /// <summary>Reads glyphs while a condition holds.</summary>
    private List<Glyph> Run(Func<Glyph, bool> isPart)
    {
        var glyphs = new List<Glyph>();
        while (_at < _text.Length && Glyph.At(_text, _at) is var glyph && isPart(glyph))
        {
            glyphs.Add(glyph);
            _at += glyph.Length;
        }

        return glyphs;
    }

    /// <summary>Adds one mark for a run of characters of one kind. It names the first ones.</summary>
    private void Marked(TextPartKind kind, List<Glyph> glyphs, string why)
    {
        var names = string.Join(' ', glyphs.Take(MaxNamed).Select(static glyph =>
            OddCharacters.IsVisible(glyph) ? $"{glyph.Name} {char.ConvertFromUtf32(glyph.CodePoint)}" : glyph.Name));
        Mark(kind, glyphs.Count <= MaxNamed ? names : string.Create(CultureInfo.InvariantCulture, $"{names} and {glyphs.Count - MaxNamed:N0} more"), why);
    }

    private void Mark(TextPartKind kind, string text, string why)
    {
        EndRun();
        _parts.Add(new(kind, text, why));
        _shown += text.Length + 2;
    }

    private void AddText(ReadOnlySpan<char> text)
    {
        _run.Append(text);
        _shown += text.Length;
    }

    /// <summary>Joins words that only a space separates: a sentence keeps its direction, and digits or punctuation end it.</summary>
    private void AddRightToLeft(string text)
    {
        var space = _run.Length == 1 && _run[0] == ' ' && _parts is [.., { Kind: TextPartKind.RightToLeft }];
        var isJoined = space || (_run.Length == 0 && _parts is [.., { Kind: TextPartKind.RightToLeft }]);
        if (isJoined)
        {
            _parts[^1] = new(TextPartKind.RightToLeft, $"{_parts[^1].Text}{_run}{text}");
            _run.Clear();
        }
        else
        {
            EndRun();
            _parts.Add(new(TextPartKind.RightToLeft, text));
        }

        _shown += text.Length;
    }

    private void EndRun()
    {
        if (_run.Length > 0)
        {
            _parts.Add(new(TextPartKind.Text, _run.ToString()));
            _run.Clear();
        }
    }
}
