using Microsoft.Extensions.AI;

namespace AgentChat.Models;

/// <summary>Represents one request of the support case, and what the scripted model does about it.</summary>
/// <param name="Request">The person's text.</param>
/// <param name="Keyword">A word by which the model recognizes the request if a person phrases it differently.</param>
/// <param name="Steps">The model's messages, one after the other. Each gets the newest result of a tool.</param>
internal sealed record Scene(string Request, string Keyword, IReadOnlyList<Func<string, IList<AIContent>>> Steps);
