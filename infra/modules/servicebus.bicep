param name string
param location string
param tags object

@description('The identity that sends and receives.')
param principalId string

var queues = [
  'inbox'
  'heartbeats-in'
  'user-msg'
  'notices'
  'work'
]

var roles = [
  '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0' // Azure Service Bus Data Receiver
  '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39' // Azure Service Bus Data Sender
]

resource bus 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

// Our consumer sets an item aside after 50 deliveries and says why; the broker's own limit only has to be far above.
resource queue 'Microsoft.ServiceBus/namespaces/queues@2022-10-01-preview' = [for item in queues: {
  parent: bus
  name: item
  properties: {
    lockDuration: 'PT5M'
    maxDeliveryCount: 1000
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
}]

resource roleAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in roles: {
  name: guid(bus.id, principalId, role)
  scope: bus
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

output fullyQualifiedNamespace string = '${bus.name}.servicebus.windows.net'
