namespace Thoth.Interception.DependencyInjection;

/// <summary>The options that one registration gives to the sinks that it makes.</summary>
/// <param name="AppliesTo">Whether the registration made the sink.</param>
/// <param name="Options">The options.</param>
internal sealed record EventSinkSettings(Predicate<IEventSink> AppliesTo, EventSinkOptions Options);
