namespace Thoth.Interception.DependencyInjection;

/// <summary>Represents the delivery options of the sinks that one registration creates.</summary>
/// <param name="AppliesTo">Tells whether the registration created the sink.</param>
/// <param name="Options">The options.</param>
internal sealed record EventSinkSettings(Predicate<IEventSink> AppliesTo, EventSinkOptions Options);
