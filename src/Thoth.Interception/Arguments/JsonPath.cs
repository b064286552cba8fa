using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Names a place in the JSON of an argument, such as <c>mail.To[0].Name</c>, from the JSON before it. The keys of dictionaries are
/// values of the call, so they are not named.
/// </summary>
internal static class JsonPath
{
    /// <summary>Gets the path of the value that would be written next. After a complete member, that is the object itself.</summary>
    /// <param name="root">The argument's name.</param>
    /// <param name="before">The argument's JSON up to the place.</param>
    /// <param name="isMember">Whether a name is the name of a member, and not a key.</param>
    public static string OfNext(string root, ReadOnlySpan<byte> before, Func<string, bool> isMember) =>
        Of(root, before, isMember, isComplete: before.Length > 0 && !":[{,"u8.Contains(before[^1]));

    /// <summary>Gets the path of the first value that differs.</summary>
    /// <param name="root">The argument's name.</param>
    /// <param name="left">The argument's JSON.</param>
    /// <param name="right">The same argument's other JSON.</param>
    /// <param name="isMember">Whether a name is the name of a member, and not a key.</param>
    public static string OfDifference(string root, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Func<string, bool> isMember)
    {
        var length = left.CommonPrefixLength(right);
        return Of(root, left[..length], isMember, isComplete: EndsAt(left, length) && EndsAt(right, length));
    }

    private static bool EndsAt(ReadOnlySpan<byte> json, int at) => at == json.Length || ",]}"u8.Contains(json[at]);

    private static string Of(string root, ReadOnlySpan<byte> before, Func<string, bool> isMember, bool isComplete)
    {
        var levels = LevelsOf(before);
        if (isComplete && levels.Count > 0)
        {
            levels[^1].Index++;
            levels[^1].Name = null;
        }

        const int MaxLevels = 10;
        var path = new StringBuilder(root);
        foreach (var level in levels.Take(MaxLevels))
        {
            if (level.IsArray)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{level.Index}]");
            }
            else if (level.Name is { } name)
            {
                path.Append(isMember(name) ? $".{name}" : "[…]");
            }
        }

        return path.Append(levels.Count > MaxLevels ? "…" : "").ToString();
    }

    private static List<Level> LevelsOf(ReadOnlySpan<byte> json)
    {
        var levels = new List<Level>();
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'"':
                    var end = EndOfString(json, i);
                    if (levels is [.., { IsArray: false, Name: null } level] && end < json.Length)
                    {
                        level.Name = Unescaped(json[i..(end + 1)]);
                    }

                    i = end;
                    break;
                case (byte)'{' or (byte)'[':
                    levels.Add(new Level { IsArray = json[i] == '[' });
                    break;
                case (byte)'}' or (byte)']' when levels.Count > 0:
                    levels.RemoveAt(levels.Count - 1);
                    break;
                case (byte)',' when levels.Count > 0:
                    levels[^1].Index++;
                    levels[^1].Name = null;
                    break;
            }
        }

        return levels;
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int start)
    {
        var end = start + 1;
        while (end < json.Length && json[end] != '"')
        {
            end += json[end] == '\\' ? 2 : 1;
        }

        return end;
    }

    private static string Unescaped(ReadOnlySpan<byte> literal)
    {
        var reader = new Utf8JsonReader(literal);
        reader.Read();
        return reader.GetString()!;
    }

    private sealed class Level
    {
        public bool IsArray { get; init; }

        public int Index { get; set; }

        public string? Name { get; set; }
    }
}
