using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace ToolLoops;

/// <summary>Prints who said and did what, one paragraph each, for a person to read.</summary>
internal sealed class Transcript
{
    private const int LabelWidth = 11;
    private const int TextWidth = 100;

    // Quotes and umlauts are printed as they are: the output is text, not HTML.
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Begin(string provider, string model, string server)
    {
        Console.WriteLine();
        Console.WriteLine($"=== {provider}: {model}, {server} ===");
    }

    public void UserSays(string text)
    {
        Console.WriteLine();
        Print("User", ConsoleColor.Cyan, text);
    }

    public void ModelSays(string text) => Print("Model", ConsoleColor.Green, text);

    public void ModelCalls(string tool, ReadOnlyMemory<byte> arguments) =>
        Print("Model", ConsoleColor.Green, $"calls {tool} {Encoding.UTF8.GetString(arguments.Span)}");

    public void Resumes(string tool, string callId) => Print("Loop", ConsoleColor.Gray, $"resumes the held call of {tool}, {callId}");

    public void Decided(ToolCallDecision decision)
    {
        var verdict = decision switch
        {
            { Held: not null } => "STEP_UP, the call is held",
            { Refusal: StepUpRejectedException } => "denied by the approver",
            _ => decision.Decision?.ToString() ?? "no decision",
        };
        var reason = decision.Refusal switch
        {
            StepUpRequiredException held => held.Reason,
            PolicyViolationException refused => refused.Reason,
            _ => decision.Decision?.ModificationReason,
        };
        Print("Policy", ConsoleColor.Yellow, string.IsNullOrEmpty(reason) ? verdict : $"{verdict}: {reason}");
    }

    public void ToolRuns(string tool, IReadOnlyDictionary<string, object?> arguments) =>
        Print("Tool", ConsoleColor.Gray, $"{tool} runs with {JsonSerializer.Serialize(arguments, s_readable)}");

    public void ModelReads(string text) => Print("Model", ConsoleColor.Green, $"reads \"{text}\"");

    public void ApproverSees(ApprovalRequest request)
    {
        Console.WriteLine();
        Print("Approver", ConsoleColor.Magenta, $"is shown {request.ToolName} {Encoding.UTF8.GetString(request.ArgumentsToRun.Span)}: {request.Reason}");
    }

    public void ApproverAnswers(ApprovalAnswer answer) =>
        Print("Approver", ConsoleColor.Magenta, answer.IsApproved ? "approves" : $"denies: {answer.Reason}");

    private static void Print(string label, ConsoleColor color, string text)
    {
        Console.ForegroundColor = color;
        Console.Write(label.PadRight(LabelWidth));
        Console.ResetColor();
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > TextWidth)
            {
                Console.WriteLine(line);
                Console.Write(new string(' ', LabelWidth));
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        Console.WriteLine(line);
    }
}
