using System.Text.Json;

namespace Thoth.Interception.Serialization;

/// <summary>
/// A tool's name, and the same as a JSON string. A session sends up to 128 names with every request and event: they are
/// written once per tool, not once per call.
/// </summary>
internal sealed class ToolName(string text)
{
    public string Text { get; } = text;

    public byte[] Json { get; } = JsonSerializer.SerializeToUtf8Bytes(text);
}
