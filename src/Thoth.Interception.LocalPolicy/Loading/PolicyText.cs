using System.Text;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>The text of a policy file, and the errors found in it.</summary>
internal sealed class PolicyText(string file, byte[] utf8)
{
    /// <summary>The most bytes of a policy, so that a wrong path does not fill the memory.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The message for a longer text.</summary>
    public const string TooLarge = "The policy is larger than 4 MiB. Shorten it, for example with patterns in place of long lists.";

    private const int MaxErrors = 100;
    private const int MaxShown = 100;

    private readonly List<(int Offset, PolicyLoadError Error)> _errors = [];

    public string File => file;

    /// <summary>Gets the offset of the JSON: some editors write a byte order mark before it.</summary>
    public int Start { get; } = utf8.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;

    public ReadOnlySpan<byte> Json => utf8.AsSpan(Start);

    public bool HasErrors => ErrorCount > 0;

    /// <summary>Gets the number of all errors, of which the first <see cref="MaxErrors"/> are listed.</summary>
    public int ErrorCount { get; private set; }

    public ReadOnlyMemory<byte> Slice(PolicyNode node) => utf8.AsMemory(Start + node.Offset, node.End - node.Offset);

    /// <summary>Adds an error at a value.</summary>
    public void Report(PolicyNode node, string message) => Report(node.Offset, node.Place, message);

    /// <summary>Adds an error at a key.</summary>
    public void Report(PolicyMember member, string message) => Report(member.Offset, member.Value.Place, message);

    /// <summary>Adds an error, unless there are <see cref="MaxErrors"/> already.</summary>
    /// <param name="offset">The offset of the error in <see cref="Json"/>, in bytes.</param>
    /// <param name="place">The place of the value.</param>
    /// <param name="message">The error, and how to correct it.</param>
    public void Report(int offset, PolicyPlace place, string message)
    {
        if (ErrorCount++ < MaxErrors)
        {
            var (line, column) = PlaceOf(offset);
            _errors.Add((offset, new() { Line = line, Column = column, Key = place.ToString(), Message = message }));
        }
    }

    /// <summary>Gets the line and the column of an offset in <see cref="Json"/>, both from 1.</summary>
    public (int Line, int Column) PlaceOf(int offset)
    {
        var before = Json[..Math.Min(offset, Json.Length)];
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }

    public PolicyLoadException ToException(Exception? cause = null) =>
        new(file, [.. _errors.OrderBy(static e => e.Offset).Select(static e => e.Error)], cause);

    /// <summary>Shortens a name or value of the policy for a message.</summary>
    public static string Shown(string value) => value.Length > MaxShown ? $"{value[..MaxShown]}..." : value;
}
