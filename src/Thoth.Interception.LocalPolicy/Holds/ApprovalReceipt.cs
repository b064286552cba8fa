using System.Buffers;
using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Holds;

/// <summary>Writes the receipt of an approval: the outcome, the approver and the time.</summary>
internal static class ApprovalReceipt
{
    public static JsonElement Write(ApprovalAnswer answer, DateTimeOffset decidedAt)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("outcome", answer.IsApproved ? "approved" : "denied");
            writer.WriteString("approver", answer.Approver);
            writer.WriteString("decided_at", decidedAt);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
