using Thoth.Interception.Pipeline;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Governs methods that return <see cref="IAsyncEnumerable{T}"/>. Each enumeration runs the body, so each is one call: it
/// begins before the first element and ends with the last one, a failure or the disposal.
/// </summary>
internal sealed class AsyncEnumerableHandler<T> : ReturnTypeHandler
{
    public override bool IsDelayed => true;

    public override object Run(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values) =>
        new GovernedAsyncEnumerable(pipeline, method, target, values);

    private sealed class GovernedAsyncEnumerable(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values)
        : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new GovernedAsyncEnumerator(pipeline, method, target, (object?[])values.Clone(), cancellationToken);
    }

    /// <summary>
    /// Runs one enumeration. An async iterator cannot do it: it would await each element on the caller's context and would
    /// dispose the tool's sequence by itself.
    /// </summary>
    private sealed class GovernedAsyncEnumerator(
        ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values, CancellationToken cancellationToken)
        : IAsyncEnumerator<T>
    {
        private ToolCall? _call;
        private IAsyncEnumerator<T>? _elements;
        private CancellationTokenSource? _linked;
        private bool _isRunning;
        private bool _isDecided;

        public T Current => _elements is null ? default! : _elements.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (_call is null && !_isDecided && pipeline.Permit is { } permit && method.TryUse(permit, values))
            {
                // The decided call that runs in this flow is this one, and it has its record.
                _isDecided = true;
            }

            if (_isDecided)
            {
                return await MoveAsync(values).ConfigureAwait(false);
            }

            if (_call is null)
            {
                _call = Begin();
                var caller = CallerContext.Capture();
                await pipeline.ApproveAsync(_call).ConfigureAwait(false);
                await caller;
                pipeline.Start(_call);
                _isRunning = true;
            }
            else if (!_isRunning && _elements is null)
            {
                return false;
            }

            Resume();
            try
            {
                if (await MoveAsync(_call.Values).ConfigureAwait(false))
                {
                    return true;
                }
            }
            catch (Exception exception)
            {
                End(exception);
                throw;
            }

            End(null);
            return false;
        }

        public async ValueTask DisposeAsync()
        {
            using var linked = _linked;
            if (_elements is not null)
            {
                Resume();
                try
                {
                    await _elements.DisposeAsync().ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    End(exception);
                    throw;
                }
            }

            End(null);
        }

        private ValueTask<bool> MoveAsync(object?[] arguments)
        {
            _elements ??= ((IAsyncEnumerable<T>)method.Invoke(target, arguments)!).GetAsyncEnumerator(cancellationToken);
            return _elements.MoveNextAsync();
        }

        private ToolCall Begin()
        {
            var own = method.Tool.Parameters.CancellationTokenIn(values);
            _linked = own.CanBeCanceled && cancellationToken.CanBeCanceled && own != cancellationToken
                ? CancellationTokenSource.CreateLinkedTokenSource(own, cancellationToken)
                : null;
            return pipeline.Begin(method.Tool, values, _linked?.Token ?? (own.CanBeCanceled ? own : cancellationToken));
        }

        /// <summary>
        /// Makes the call and its activity the current ones again: each step begins with the caller's, and as an async method it returns
        /// to them by itself.
        /// </summary>
        private void Resume()
        {
            if (_isRunning)
            {
                _call!.Resume();
                pipeline.EnterTool(_call);
            }
        }

        private void End(Exception? failure)
        {
            if (!_isRunning)
            {
                return;
            }

            _isRunning = false;
            if (failure is null)
            {
                pipeline.Completed(_call!, null);
            }
            else
            {
                pipeline.Failed(_call!, failure);
            }
        }
    }
}
