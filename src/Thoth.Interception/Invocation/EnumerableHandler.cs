using System.Collections;
using Thoth.Interception.Pipeline;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Governs methods that return <see cref="IEnumerable{T}"/>. A collection is a result like any other. A lazy sequence runs the
/// body during enumeration: the first enumeration belongs to the call, and each further one is another call.
/// </summary>
internal sealed class EnumerableHandler<T> : ReturnTypeHandler
{
    public override bool IsDelayed => true;

    public override object? Run(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values)
    {
        if (pipeline.Permit is { } permit && method.TryUse(permit, values))
        {
            // The decided call that runs in this flow is this one, and it has its record.
            var decided = method.Invoke(target, values);
            return IsLazy(decided) ? new DecidedEnumerable(permit, (IEnumerable)decided!, () => Run(pipeline, method, target, (object?[])values.Clone())) : decided;
        }

        var call = pipeline.Begin(method.Tool, values);
        try
        {
            var result = SynchronousHandler.RunTool(pipeline, method, target, call, values);
            if (IsLazy(result))
            {
                return new GovernedEnumerable(pipeline, method, target, values, call, (IEnumerable)result!);
            }

            pipeline.Completed(call, result);
            return result;
        }
        finally
        {
            call.ReturnToCaller();
        }
    }

    private static bool IsLazy(object? result) => result is not (null or ICollection<T> or IReadOnlyCollection<T> or ICollection or string);

    /// <summary>The sequence of a decided call: it is enumerated once while that call runs. Each other enumeration is a call of its own.</summary>
    private sealed class DecidedEnumerable(CallPermit permit, IEnumerable result, Func<object?> runAgain) : IEnumerable<T>
    {
        private bool _isTaken;

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public IEnumerator<T> GetEnumerator()
        {
            // This runs at the first element, as the body does.
            var elements = permit.IsRunning && !Interlocked.Exchange(ref _isTaken, true) ? result : (IEnumerable)runAgain()!;
            foreach (var element in elements.Cast<T>())
            {
                yield return element;
            }
        }
    }

    private sealed class GovernedEnumerable(
        ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values, ToolCall firstCall, IEnumerable firstResult)
        : IEnumerable<T>
    {
        private int _firstIsTaken;

        ~GovernedEnumerable()
        {
            // The sequence was never enumerated. Its call was allowed and its body never ran, but its record needs an end.
            if (_firstIsTaken == 0)
            {
                pipeline.Abandoned(firstCall);
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public IEnumerator<T> GetEnumerator()
        {
            var (call, result) = Next();
            IEnumerator? elements = null;
            Exception? failure = null;
            try
            {
                while (true)
                {
                    T element;
                    call.Resume();
                    var entered = pipeline.EnterTool(call);
                    try
                    {
                        elements ??= result is IEnumerable<T> typed ? typed.GetEnumerator() : result.GetEnumerator();
                        if (!elements.MoveNext())
                        {
                            break;
                        }

                        element = elements is IEnumerator<T> typedElements ? typedElements.Current : (T)elements.Current!;
                    }
                    catch (Exception exception)
                    {
                        failure = exception;
                        throw;
                    }
                    finally
                    {
                        pipeline.LeaveTool(call, entered);
                        call.ReturnToCaller();
                    }

                    yield return element;
                }
            }
            finally
            {
                End(call, elements as IDisposable, failure);
            }
        }

        private void End(ToolCall call, IDisposable? elements, Exception? failure)
        {
            call.Resume();
            var entered = pipeline.EnterTool(call);
            try
            {
                elements?.Dispose();
            }
            catch (Exception exception)
            {
                failure ??= exception;
                throw;
            }
            finally
            {
                pipeline.LeaveTool(call, entered);
                if (failure is null)
                {
                    pipeline.Completed(call, null);
                }
                else
                {
                    pipeline.Failed(call, failure);
                }

                call.ReturnToCaller();
            }
        }

        private (ToolCall Call, IEnumerable Result) Next()
        {
            if (Interlocked.Exchange(ref _firstIsTaken, 1) == 0)
            {
                GC.SuppressFinalize(this);
                pipeline.Recheck(firstCall);
                return (firstCall, firstResult);
            }

            var call = pipeline.Begin(method.Tool, (object?[])values.Clone());
            try
            {
                return (call, (IEnumerable)SynchronousHandler.RunTool(pipeline, method, target, call, values)!);
            }
            finally
            {
                call.ReturnToCaller();
            }
        }
    }
}
