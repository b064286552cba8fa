using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Thoth.Interception;
using Thoth.Interception.AI;
using Thoth.Interception.AI.Approvals;
using Thoth.Interception.AI.Chat;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds governance to chat clients.</summary>
public static class ThothChatClientBuilderExtensions
{
    /// <summary>
    /// Invokes the functions that the model calls, each after it was decided. It takes the place of <c>UseFunctionInvocation</c>. Whatever
    /// the client can invoke is decided, wherever it comes from; what it cannot invoke is refused, unless the options allow it.
    /// </summary>
    /// <param name="builder">The builder of the chat client.</param>
    /// <param name="configure">Configures what happens to held calls, and what need not be governed.</param>
    /// <param name="configureInvocation">Configures the function loop, such as <see cref="FunctionInvokingChatClient.AllowConcurrentInvocation"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// Thrown by <see cref="ChatClientBuilder.Build"/>: its service provider has no <c>AddThoth</c>; another client that invokes functions is
    /// below this one; or <see cref="ApprovalAuthority.Host"/> is set and the enforcer does not own its holds.
    /// </exception>
    /// <example>
    /// <code>
    /// services.AddThoth(…).UseLocalPolicy("thoth.policy.json");
    /// services.AddChatClient(model).UseThoth();
    /// </code>
    /// </example>
    public static ChatClientBuilder UseThoth(
        this ChatClientBuilder builder, Action<ThothChatClientOptions>? configure = null, Action<FunctionInvokingChatClient>? configureInvocation = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) =>
        {
            var governor = services.GetService<IToolGovernor>() ?? throw new InvalidOperationException(
                "UseThoth needs the services of AddThoth. Call services.AddThoth(), and pass the service provider to ChatClientBuilder.Build.");
            if (inner.GetService<FunctionInvokingChatClient>() is { } other)
            {
                throw new InvalidOperationException(other is GovernedChatClient
                    ? "UseThoth was called twice for one chat client. Remove one of the calls."
                    : "Another client below UseThoth invokes functions without a decision. Remove UseFunctionInvocation: UseThoth takes its place.");
            }

            var options = new ThothChatClientOptions();
            configure?.Invoke(options);
            if (options.ApprovalAuthority == ApprovalAuthority.Host && services.GetService<IEnforcer>() is not IResolvableHoldEnforcer)
            {
                throw new InvalidOperationException(
                    "ApprovalAuthority.Host needs an enforcer that owns its holds in this process, such as the local policy. Over HTTP only the enforcer's page or API approves.");
            }

            var holds = services.GetRequiredService<IThothHolds>();
            var loggers = services.GetService<ILoggerFactory>();
            var logger = loggers is null ? NullLogger.Instance : loggers.CreateLogger(typeof(GovernedChatClient));
            var client = new GovernedChatClient(
                inner, options, new UngovernedTools(options), new FunctionDecider(governor, holds, options, logger),
                new ApprovalAnswers(holds, new HostedCalls(governor), options, logger),
                services.GetRequiredService<IThothSessions>(), loggers, services);
            configureInvocation?.Invoke(client);
            return client;
        });
    }
}
