using AgentChat.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentChat;

/// <summary>The functions that the model gets: those of the governed interfaces, and any that are registered as <see cref="AITool"/>.</summary>
internal sealed class AgentTools(IServiceProvider services)
{
    public IReadOnlyList<AITool> All { get; } =
    [
        .. services.GetGovernedFunctions<IOrderTools>(),
        .. services.GetGovernedFunctions<ICustomerTools>(),
        .. services.GetGovernedFunctions<IDocumentTools>(),
        .. services.GetServices<AITool>(),
    ];
}
