using System.Text.Json;

namespace Thoth.Interception.Serialization;

/// <summary>
/// A tool's name as text and as a JSON string. A session sends up to 128 names with every request and event, so a name is encoded once
/// per tool and not once per call.
/// </summary>
internal sealed class EncodedToolName(string text)
{
    public string Text { get; } = text;

    public byte[] Json { get; } = JsonSerializer.SerializeToUtf8Bytes(text);
}
