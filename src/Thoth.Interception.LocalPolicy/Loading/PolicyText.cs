using System.Text;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>A policy file's text and the mistakes found in it so far.</summary>
internal sealed class PolicyText(string file, byte[] utf8)
{
    private readonly List<(int Offset, PolicyLoadError Error)> _errors = [];

    public string File => file;

    /// <summary>Where the JSON begins: some editors put a byte order mark first.</summary>
    public int Start { get; } = utf8.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;

    public ReadOnlySpan<byte> Json => utf8.AsSpan(Start);

    public bool HasErrors => _errors.Count > 0;

    public ReadOnlyMemory<byte> Slice(PolicyNode node) => utf8.AsMemory(Start + node.Offset, node.End - node.Offset);

    public void Report(PolicyNode node, string message) => Report(node.Offset, node.Key, message);

    /// <param name="offset">The byte of <see cref="Json"/> that the mistake begins at.</param>
    /// <param name="key">The path of the key.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public void Report(int offset, string key, string message)
    {
        var before = Json[..Math.Min(offset, Json.Length)];
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        _errors.Add((offset, new(line, column, key, message)));
    }

    public PolicyLoadException ToException(Exception? cause = null) =>
        new(file, [.. _errors.OrderBy(static e => e.Offset).Select(static e => e.Error)], cause);
}
