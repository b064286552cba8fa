using System.Collections.Concurrent;

namespace Thoth.Interception.AspNetCore.Hubs;

/// <summary>Says how the elements of a stream are made.</summary>
internal sealed record StreamContext(SessionHubFilter Filter, ThothSession Session, CancellationToken Aborted)
{
    public ValueTask<bool> MoveNextAsync<T>(IAsyncEnumerator<T> elements) => Filter.RunAsync(async () =>
    {
        using (Session.Enter(Aborted))
        {
            return await elements.MoveNextAsync().ConfigureAwait(false);
        }
    });
}

/// <summary>Lets a hub's stream enter the session for each element: SignalR reads it after the invocation has ended.</summary>
internal static class SessionStream
{
    /// <summary>Creates the stream of each declared type of hub methods; <see langword="null"/> for a type that is not a stream.</summary>
    private static readonly ConcurrentDictionary<Type, Func<object, StreamContext, object>?> s_wrappers = new();

    public static object? Wrap(object? result, Type returnType, StreamContext context) =>
        result is null || s_wrappers.GetOrAdd(returnType, WrapperFor) is not { } wrap ? result : wrap(result, context);

    private static Func<object, StreamContext, object>? WrapperFor(Type returnType)
    {
        var type = returnType.IsGenericType && returnType.GetGenericTypeDefinition() is { } task && (task == typeof(Task<>) || task == typeof(ValueTask<>))
            ? returnType.GetGenericArguments()[0]
            : returnType;
        var stream = type.GetInterfaces().Prepend(type)
            .FirstOrDefault(static candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
        if (stream is null)
        {
            return null;
        }

        var wrapper = typeof(Stream<>).MakeGenericType(stream.GetGenericArguments());
        return (result, context) => Activator.CreateInstance(wrapper, result, context)!;
    }

    private sealed class Stream<T>(IAsyncEnumerable<T> elements, StreamContext context) : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(elements.GetAsyncEnumerator(cancellationToken), context);

        private sealed class Enumerator(IAsyncEnumerator<T> elements, StreamContext context) : IAsyncEnumerator<T>
        {
            public T Current => elements.Current;

            public ValueTask<bool> MoveNextAsync() => context.MoveNextAsync(elements);

            public ValueTask DisposeAsync() => elements.DisposeAsync();
        }
    }
}
