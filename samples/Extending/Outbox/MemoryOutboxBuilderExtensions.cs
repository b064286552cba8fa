using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;

namespace Extending.Outbox;

internal static class MemoryOutboxBuilderExtensions
{
    public static IThothBuilder UseMemoryOutbox(this IThothBuilder builder) => builder.UseEventOutbox(_ => new MemoryOutbox());
}
