namespace Thoth.Interception;

/// <summary>
/// Methods that return <see cref="IAsyncEnumerable{T}"/>. Each enumeration would run the body, so each is a call of its own,
/// from its first element to its last, its failure or its disposal.
/// </summary>
internal sealed class AsyncEnumerableShape<T> : ReturnShape
{
    public override object Run(ToolCallPipeline pipeline, MethodPlan plan, object target, object?[] values) =>
        new GovernedAsyncEnumerable(pipeline, plan, target, values);

    private sealed class GovernedAsyncEnumerable(ToolCallPipeline pipeline, MethodPlan plan, object target, object?[] values)
        : IAsyncEnumerable<T>
    {
        public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            // The caller's context is kept in here on purpose: without the proxy the tool would run on it.
            var own = plan.Tool.Parameters.CancellationTokenIn(values);
            using var linked = own.CanBeCanceled && cancellationToken.CanBeCanceled
                ? CancellationTokenSource.CreateLinkedTokenSource(own, cancellationToken)
                : null;
            var call = pipeline.Begin(
                plan.Tool, (object?[])values.Clone(), linked?.Token ?? (own.CanBeCanceled ? own : cancellationToken));
            await pipeline.ApproveAsync(call);
            pipeline.Start(call);

            IAsyncEnumerator<T>? elements = null;
            var failed = false;
            try
            {
                while (true)
                {
                    T element;
                    try
                    {
                        elements ??= ((IAsyncEnumerable<T>)plan.Invoke(target, call.Values)!).GetAsyncEnumerator(cancellationToken);
                        if (!await elements.MoveNextAsync())
                        {
                            break;
                        }

                        element = elements.Current;
                    }
                    catch (Exception exception)
                    {
                        failed = true;
                        pipeline.Failed(call, exception);
                        throw;
                    }

                    yield return element;
                }
            }
            finally
            {
                try
                {
                    if (elements is not null)
                    {
                        await elements.DisposeAsync();
                    }
                }
                finally
                {
                    if (!failed)
                    {
                        pipeline.Completed(call, null);
                    }
                }
            }
        }
    }
}
