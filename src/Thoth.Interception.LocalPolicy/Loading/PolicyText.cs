using System.Text;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>The text of a policy file, and the errors found in it.</summary>
internal sealed class PolicyText(string file, byte[] utf8)
{
    private readonly List<(int Offset, PolicyLoadError Error)> _errors = [];

    public string File => file;

    /// <summary>Gets the offset of the JSON: some editors write a byte order mark before it.</summary>
    public int Start { get; } = utf8.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;

    public ReadOnlySpan<byte> Json => utf8.AsSpan(Start);

    public bool HasErrors => _errors.Count > 0;

    public ReadOnlyMemory<byte> Slice(PolicyNode node) => utf8.AsMemory(Start + node.Offset, node.End - node.Offset);

    public void Report(PolicyNode node, string message) => Report(node.Offset, node.Key, message);

    /// <summary>Adds an error.</summary>
    /// <param name="offset">The offset of the error in <see cref="Json"/>, in bytes.</param>
    /// <param name="key">The path of the key.</param>
    /// <param name="message">The error, and how to correct it.</param>
    public void Report(int offset, string key, string message)
    {
        var before = Json[..Math.Min(offset, Json.Length)];
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        _errors.Add((offset, new() { Line = line, Column = column, Key = key, Message = message }));
    }

    public PolicyLoadException ToException(Exception? cause = null) =>
        new(file, [.. _errors.OrderBy(static e => e.Offset).Select(static e => e.Error)], cause);
}
