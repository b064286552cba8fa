using System.Text.RegularExpressions;

namespace Thoth.Interception.Tests.Samples.ToolLoops;

/// <summary>Runs samples/ToolLoop as a process, without keys: both loops, against their scripted servers.</summary>
public partial class ToolLoopRunTests
{
    /// <summary>What both providers' transcripts contain, in this order.</summary>
    private static readonly string[] s_story =
    [
        // ALLOW
        """Model calls find_order {"order":"A-1002"}""", "Policy ALLOW (orders-are-open)", """Tool find_order runs with {"order":"A-1002"}""",
        "Model reads \"Order A-1002: a coffee machine, 250, delivered.\"",

        // MODIFY
        """Model calls export_customers {"columns":["name","city","phone"]}""", "Policy MODIFY (no-contact-data): Exports have no contact data.",
        """Tool export_customers runs with {"columns":["name","city"]}""", "Model reads \"3 customers are exported with name, city.\"",

        // BLOCK, and how the model goes on
        """Model calls delete_customer {"customer":"C-7"}""", "Policy BLOCK (no-deletes): The agent deletes nothing.",
        "Model reads \"Not run: policy blocks the tool 'delete_customer'. Reason: The agent deletes nothing. Rule: no-deletes.",
        "Model Order A-1002: a coffee machine, 250, delivered. 3 customers are exported with name, city. I may not do that.",

        // DEFER
        """Model calls build_report {"quarter":"2026-Q1"}""", "Policy DEFER (report-later)",
        "Model reads \"Not run: the tool 'build_report' is deferred. Reason: The books are closing. You may call it again in 30 seconds.\"",

        // STEP_UP: the conversation goes on
        """Model calls refund {"order":"A-1002","amount":250}""", "Policy STEP_UP, the call is held",
        "Model reads \"Not run yet: the tool 'refund' waits for a person's approval.",
        """Model calls refund {"order":"A-1003","amount":900}""", "Policy STEP_UP, the call is held",
        "A-1002: That waits for a person's approval. A-1003: That waits for a person's approval.",

        // The approver, and the resumed calls in a later turn
        """Approver is shown refund {"order":"A-1002","amount":250}: Refunds above 100 need an approval.""", "Approver approves",
        """Approver is shown refund {"order":"A-1003","amount":900}: Refunds above 100 need an approval.""", "Approver denies",
        "User Is there news of the refunds?",
        "Loop resumes the held call of refund", "Policy ALLOW (step_up_approved)", """Tool refund runs with {"order":"A-1002","amount":250}""",
        "Model reads \"250 are refunded for order A-1002.\"",
        "Loop resumes the held call of refund", "Policy denied by the approver",
        "Model reads \"Not run: a person did not approve the tool 'refund'. Reason: The customer sends a photo of the damage first.",
        "Model A-1002: 250 are refunded for order A-1002. A-1003: That was not approved. Reason: The customer sends a photo of the damage first.",
    ];

    [Test]
    public async Task Run_WithoutKeys_ShowsEachDecisionForBothProviders()
    {
        var run = await SampleRun.OfAsync("ToolLoop", []);

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Errors, Is.Empty);
        Assert.That(run.Output, Does.Not.Contain('\u001b'));
        var transcripts = Space().Replace(run.Output, " ").Split("=== ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.That(transcripts, Has.Length.EqualTo(4));
        Assert.That(transcripts[0], Does.StartWith("OpenAI: ").And.Contains("scripted at http://127.0.0.1:"));
        Assert.That(transcripts[2], Does.StartWith("Anthropic: ").And.Contains("scripted at http://127.0.0.1:"));
        AssertStory(transcripts[1]);
        AssertStory(transcripts[3]);
    }

    [TestCase("--openai", "OpenAI", "Anthropic")]
    [TestCase("--anthropic", "Anthropic", "OpenAI")]
    public async Task Run_OfOneProvider_RunsOnlyThat(string argument, string provider, string other)
    {
        var run = await SampleRun.OfAsync("ToolLoop", [argument]);

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output, Does.Contain($"=== {provider}").And.Not.Contain($"=== {other}"));
    }

    [TestCase("--ask", "needs a terminal")]
    [TestCase("--unknown", "Usage:")]
    public async Task Run_WithWhatItCannotDo_SaysSoAndExitsWith2(string argument, string explanation)
    {
        var run = await SampleRun.OfAsync("ToolLoop", [argument]);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Errors, Does.Contain(explanation));
    }

    private static void AssertStory(string transcript)
    {
        var position = 0;
        foreach (var part in s_story)
        {
            var found = transcript.IndexOf(part, position, StringComparison.Ordinal);
            Assert.That(found, Is.Not.Negative, $"'{part}' is missing or out of order in: {transcript}");
            position = found + part.Length;
        }

        Assert.That(transcript.Split("Tool refund runs"), Has.Length.EqualTo(2), "the approved refund ran once, and the other one never");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
