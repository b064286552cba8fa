using Agents;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

await using var provider = Registrations.Build(new ScriptedModel());

Console.WriteLine("Microsoft.Extensions.AI, the host's yes does not count:");
Console.WriteLine($"  {await ChatClientSample.RunAsync(provider, provider.GetRequiredService<IChatClient>(), AskAsync)}");
Console.WriteLine();
Console.WriteLine("Microsoft.Extensions.AI, the host approves:");
Console.WriteLine($"  {await ChatClientSample.RunAsync(provider, Registrations.HostApproves(new ScriptedModel(), provider), AskAsync)}");
Console.WriteLine();
Console.WriteLine("Microsoft Agent Framework, the host approves:");
Console.WriteLine($"  {await AgentFrameworkSample.RunAsync(AgentFrameworkSample.Build(new ScriptedModel(), provider), AskAsync)}");
Console.WriteLine();
Console.WriteLine("Semantic Kernel:");
Console.WriteLine($"  {await SemanticKernelSample.RunAsync(new ScriptedModel("orders_"), provider)}");

static Task<bool> AskAsync(ToolApprovalRequestContent request)
{
    Console.WriteLine($"  A person is asked about '{((FunctionCallContent)request.ToolCall).Name}', and says yes.");
    return Task.FromResult(true);
}
