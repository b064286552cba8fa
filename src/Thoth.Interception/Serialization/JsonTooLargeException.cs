namespace Thoth.Interception.Serialization;

/// <summary>JSON became larger than its writer may write.</summary>
internal sealed class JsonTooLargeException(int maxBytes) : InvalidOperationException($"The JSON is larger than {maxBytes} bytes.");
